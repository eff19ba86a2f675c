import { useState } from 'react'
import { useQuery } from 'urql'

import { CustomerPage } from './CustomerPage'
import { graphql } from './gql'

const CUSTOMERS = graphql(`
  query Customers {
    customers(first: 10) {
      nodes {
        id
        name
      }
    }
  }
`)

/** Whose money is shown, and the money. */
export function App() {
  const [{ data, error, fetching }] = useQuery({ query: CUSTOMERS })
  const [chosen, choose] = useState<string>()
  const customers = data?.customers?.nodes ?? []
  const id = chosen ?? customers[0]?.id

  if (fetching) return <p>Looking for customers…</p>
  if (error && !customers.length) return <p role="alert">{error.message}</p>
  return (
    <main>
      <label>
        Customer{' '}
        <select value={id} onChange={(event) => choose(event.target.value)}>
          {customers.map((customer) => (
            <option key={customer.id} value={customer.id}>
              {customer.name}
            </option>
          ))}
        </select>
      </label>
      {id && <CustomerPage key={id} id={id} />}
    </main>
  )
}
