import { graphql } from './gql'
import type { AccountRowFragment, ProblemLineFragment } from './gql/graphql'

export const ACCOUNT = graphql(`
  fragment AccountRow on Account {
    id
    provider
    name
    kind
    maskedNumber
    balances {
      kind
      money {
        amount
        asset
      }
    }
  }
`)

export const PROBLEM = graphql(`
  fragment ProblemLine on UpstreamProblem {
    provider
    code
    message
    retryable
  }
`)

/** The accounts that could be read, and which vendor's are missing. */
export function Accounts({ accounts, problems }: { accounts: AccountRowFragment[]; problems: ProblemLineFragment[] }) {
  return (
    <section aria-label="Accounts">
      <h2>Accounts</h2>
      <Problems problems={problems} />
      <table>
        <thead>
          <tr>
            <th scope="col">Vendor</th>
            <th scope="col">Account</th>
            <th scope="col">Balances</th>
          </tr>
        </thead>
        <tbody>
          {accounts.map(({ id, provider, name, kind, maskedNumber, balances }) => (
            <tr key={id}>
              <td>{provider.toLowerCase()}</td>
              <td>
                {name ?? kind.toLowerCase()} {maskedNumber}
              </td>
              <td>
                {balances?.map((balance) => (
                  <div key={balance.kind + balance.money.asset}>
                    {balance.money.amount} {balance.money.asset.split('/')[0]} <small>{balance.kind.toLowerCase()}</small>
                  </div>
                )) ?? 'not known at present'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** What a list lacks, vendor by vendor. */
export function Problems({ problems }: { problems: ProblemLineFragment[] }) {
  return problems.map(({ provider, code, message, retryable }) => (
    <p key={provider + code} role="alert">
      {provider.toLowerCase()} is missing here: {message}
      {retryable && ' It may be back soon.'}
    </p>
  ))
}
