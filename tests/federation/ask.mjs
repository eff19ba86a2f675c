// Runs one query over both subgraphs through both gateways: `node ask.mjs URL SUPERGRAPH` prints what each answered.
// URL is this project's /graphql, SUPERGRAPH the composed schema with `http://127.0.0.1/…` in the subgraphs' places.

import { readFileSync } from 'node:fs'

import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway'
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime'
import { ApolloServer } from '@apollo/server'

import { serveOther } from './other.mjs'

const [url, file] = process.argv.slice(2)
const QUERY = `{
  notes {
    text
    about { name segment totals { money { amount currency } } }
    account { name balances { money { amount asset } } }
  }
}`

async function post(to, query) {
  const headers = { 'content-type': 'application/json' }
  return (await fetch(to, { method: 'POST', headers, body: JSON.stringify({ query }) })).json()
}

async function calls() {
  const found = await (await fetch(new URL('/sandbox/_calls', url))).json()
  await fetch(new URL('/sandbox/_calls', url), { method: 'DELETE' })
  return found.map(({ vendor, method, path }) => `${vendor} ${method} ${path}`)
}

const { data } = await post(url, '{ customers(first: 10) { nodes { id } } accounts(provider: FORMANCE, first: 10) { nodes { id } } }')
const other = await serveOther(
  data.customers.nodes.map(({ id }) => id),
  data.accounts.nodes.map(({ id }) => id),
)
const supergraph = readFileSync(file, 'utf8').replaceAll('http://127.0.0.1/tributary', url).replaceAll('http://127.0.0.1/notes', other.url)
const seen = {}
try {
  const gateway = new ApolloGateway({
    supergraphSdl: supergraph,
    buildService: ({ url: to }) => new RemoteGraphQLDataSource({ url: to }),
  })
  const server = new ApolloServer({ gateway })
  await server.start()
  await calls()
  const answer = await server.executeOperation({ query: QUERY })
  seen.apollo = { answer: answer.body.singleResult, calls: await calls() }
  await server.stop()

  const hive = createGatewayRuntime({ supergraph, logging: false, maskedErrors: false })
  const response = await hive.fetch('http://127.0.0.1/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: QUERY }),
  })
  seen.hive = { answer: await response.json(), calls: await calls() }
  await hive[Symbol.asyncDispose]()
  console.log(JSON.stringify(seen))
} finally {
  other.close()
}
