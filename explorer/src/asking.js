// How this page asks the server: with what was set here, and with a note of what each answer says of its vendor calls.

import { createGraphiQLFetcher } from '@graphiql/toolkit'
import { createClient } from 'graphql-ws'

import { note } from './calls/latest'
import { headers } from './settings/kept'

const URL = '/graphql'
const SOCKET = location.origin.replace('http', 'ws') + URL
const INTROSPECTION = 'IntrospectionQuery'

const fetcher = createGraphiQLFetcher({
  url: URL,
  enableIncrementalDelivery: false,
  wsClient: createClient({ url: SOCKET, connectionParams: () => ({ headers: headers() }) }),
})

/** GraphiQL's fetcher. */
export async function ask(operation, options) {
  const begun = performance.now()
  const answer = await fetcher(operation, { ...options, headers: { ...headers(), ...options?.headers } })
  if (operation.operationName !== INTROSPECTION && 'extensions' in answer) note(operation, answer, performance.now() - begun)
  return answer
}

/** The plan of an operation that is not carried out: `{ plan }`, or `{ errors }`. */
export async function explained({ query, variables, operationName }) {
  try {
    const body = { query, operationName, variables: variables ? JSON.parse(variables) : undefined }
    const response = await fetch(URL, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...headers() },
      body: JSON.stringify({ ...body, extensions: { explain: true } }),
    })
    const { extensions, errors } = await response.json()
    return { plan: extensions?.plan, errors }
  } catch (error) {
    return { errors: [{ message: error.message }] }
  }
}
