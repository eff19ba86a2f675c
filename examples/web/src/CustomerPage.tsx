import { useState } from 'react'
import { useQuery } from 'urql'

import { Accounts } from './Accounts'
import { graphql } from './gql'
import { Payments } from './Payments'
import { PayOut } from './PayOut'

const CUSTOMER = graphql(`
  query CustomerMoney($id: ID!) {
    customer(id: $id) {
      id
      name
      totals {
        money {
          amount
          currency
        }
        accountCount
        isComplete
      }
      accounts(first: 50) {
        nodes {
          ...AccountRow
          ...PayOutAccount
        }
        problems {
          ...ProblemLine
        }
      }
    }
  }
`)

/** One customer: sums, accounts at every vendor, payments, and a way to pay out. */
export function CustomerPage({ id }: { id: string }) {
  const [{ data, error, fetching }, refresh] = useQuery({ query: CUSTOMER, variables: { id } })
  const [paidOut, setPaidOut] = useState(0)
  const customer = data?.customer

  if (!customer) return fetching ? <p>Asking the vendors…</p> : <p role="alert">{error?.message ?? 'No such customer.'}</p>
  return (
    <article aria-busy={fetching}>
      <h1>{customer.name}</h1>
      <ul className="totals" aria-label="Totals">
        {customer.totals?.map(({ money, accountCount, isComplete }) => (
          <li key={money.currency}>
            <b>
              {money.amount} {money.currency}
            </b>{' '}
            in {accountCount} {accountCount === 1 ? 'account' : 'accounts'}
            {!isComplete && ', not complete'}
          </li>
        ))}
      </ul>
      {customer.accounts && <Accounts accounts={customer.accounts.nodes} problems={customer.accounts.problems} />}
      <PayOut
        accounts={customer.accounts?.nodes ?? []}
        onSettled={() => {
          setPaidOut((count) => count + 1)
          refresh({ requestPolicy: 'network-only' })
        }}
      />
      <Payments key={paidOut} customerId={id} />
    </article>
  )
}
