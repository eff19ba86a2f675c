import { useState } from 'react'
import { useQuery } from 'urql'

import { Problems } from './Accounts'
import { graphql } from './gql'

const PAYMENTS = graphql(`
  query CustomerPayments($id: ID!, $after: String) {
    customer(id: $id) {
      id
      payments(first: 10, after: $after) {
        nodes {
          id
          reference
          status
          createdAt
          money {
            amount
            asset
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
        problems {
          ...ProblemLine
        }
      }
    }
  }
`)

/** The customer's payments, page after page. */
export function Payments({ customerId }: { customerId: string }) {
  const [cursors, setCursors] = useState<string[]>([])
  return (
    <section aria-label="Payments">
      <h2>Payments</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">Date</th>
            <th scope="col">Reference</th>
            <th scope="col">Amount</th>
            <th scope="col">Status</th>
          </tr>
        </thead>
        {[undefined, ...cursors].map((after, place) => (
          <Page
            key={after ?? ''}
            customerId={customerId}
            {...(after && { after })}
            {...(place === cursors.length && { onMore: (cursor: string) => setCursors([...cursors, cursor]) })}
          />
        ))}
      </table>
    </section>
  )
}

interface PageProps {
  customerId: string
  after?: string
  onMore?: (cursor: string) => void
}

function Page({ customerId, after, onMore }: PageProps) {
  const [{ data, error, fetching }] = useQuery({
    query: PAYMENTS,
    variables: { id: customerId, ...(after && { after }) },
    requestPolicy: 'cache-and-network',
  })
  const page = data?.customer?.payments
  const cursor = page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : null

  return (
    <tbody aria-busy={fetching}>
      {page?.nodes.map(({ id, reference, status, createdAt, money }) => (
        <tr key={id}>
          <td>{createdAt?.slice(0, 10)}</td>
          <td>{reference}</td>
          <td>
            {money?.amount} {money?.asset.split('/')[0]}
          </td>
          <td>{status.toLowerCase()}</td>
        </tr>
      ))}
      {(page?.problems.length || (!page && error)) && (
        <tr>
          <td colSpan={4}>{page ? <Problems problems={page.problems} /> : <p role="alert">{error?.message}</p>}</td>
        </tr>
      )}
      {cursor && onMore && (
        <tr>
          <td colSpan={4}>
            <button type="button" onClick={() => onMore(cursor)}>
              Older payments
            </button>
          </td>
        </tr>
      )}
    </tbody>
  )
}
