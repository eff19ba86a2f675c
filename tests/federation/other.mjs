// A second subgraph, as another team may have it: notes that a bank keeps of its customers and their accounts.

import { createServer } from 'node:http'

import { buildSubgraphSchema } from '@apollo/subgraph'
import { graphql, parse } from 'graphql'

export const sdl = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
  type Query { notes: [Note!]! }
  type Note @key(fields: "id") { id: ID! text: String! about: Customer! account: PaymentAccount }
  type Customer @key(fields: "id") { id: ID! segment: String! }
  type PaymentAccount @key(fields: "id") { id: ID! }
`

/** Serves the subgraph; `customers` and `accounts` are global ids. */
export async function serveOther(customers, accounts) {
  const notes = customers.map((id, place) => ({
    id: String(place),
    text: `note ${place}`,
    about: { __typename: 'Customer', id },
    account: accounts[place] ? { __typename: 'PaymentAccount', id: accounts[place] } : null,
  }))
  const schema = buildSubgraphSchema({
    typeDefs: parse(sdl),
    resolvers: { Query: { notes: () => notes }, Customer: { segment: () => 'private' } },
  })
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    const { query, variables, operationName } = JSON.parse(body)
    const result = await graphql({ schema, source: query, variableValues: variables, operationName })
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(result))
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  return { url: `http://127.0.0.1:${server.address().port}/graphql`, close: () => server.close() }
}
