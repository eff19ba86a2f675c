// How the app asks: queries and mutations by POST, subscriptions as server-sent events on the same address.

import { createClient as createEvents } from 'graphql-sse'
import { Client, cacheExchange, fetchExchange, subscriptionExchange } from 'urql'

const url = new URL('/graphql', location.href).href
const events = createEvents({ url })

export const client = new Client({
  url,
  preferGetMethod: false,
  exchanges: [
    cacheExchange,
    subscriptionExchange({
      forwardSubscription: (operation) => ({
        subscribe: (sink) => ({
          unsubscribe: events.subscribe(
            {
              query: operation.query ?? '',
              ...(operation.variables && { variables: operation.variables as Record<string, unknown> }),
            },
            {
              next: (result) => sink.next(result as Parameters<typeof sink.next>[0]),
              error: (error) => sink.error(error),
              complete: () => sink.complete(),
            },
          ),
        }),
      }),
    }),
    fetchExchange,
  ],
})
