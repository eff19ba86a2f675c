import { type FormEvent, useState } from 'react'
import { useMutation, useQuery, useSubscription } from 'urql'

import { graphql } from './gql'
import type { PayOutAccountFragment, TransferStatus } from './gql/graphql'

export const SOURCE = graphql(`
  fragment PayOutAccount on Account {
    __typename
    id
    name
    kind
    currency
    ... on PaymentAccount {
      connector {
        id
      }
    }
  }
`)

const COUNTERPARTIES = graphql(`
  query Counterparties {
    accounts(provider: FORMANCE, first: 100) {
      nodes {
        ...PayOutAccount
      }
    }
  }
`)

const PAY_OUT = graphql(`
  mutation PayOut($order: CreateTransferInitiationInput!) {
    createTransferInitiation(input: $order) {
      transferInitiation {
        id
        status
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`)

const CHANGED = graphql(`
  subscription TransferChanged($id: ID!) {
    transferInitiationChanged(id: $id) {
      cursor
      transferInitiation {
        id
        status
      }
    }
  }
`)

interface Props {
  accounts: PayOutAccountFragment[]
  onSettled: () => void
}

/** A form that pays money out once, however often it is sent, and follows what becomes of it. */
export function PayOut({ accounts, onSettled }: Props) {
  const [{ data }] = useQuery({ query: COUNTERPARTIES })
  const [{ data: made, error, fetching }, payOut] = useMutation(PAY_OUT)
  const [key, setKey] = useState(() => crypto.randomUUID())
  const [sourceId, setSource] = useState<string>()

  const sources = accounts.filter(({ __typename, kind }) => __typename === 'PaymentAccount' && kind === 'INTERNAL')
  const source = sources.find(({ id }) => id === sourceId) ?? sources[0]
  const connector = connectorOf(source)
  const destinations = (data?.accounts?.nodes ?? []).filter(
    (account) => account.kind === 'EXTERNAL' && connectorOf(account) === connector,
  )
  const payload = made?.createTransferInitiation
  const transfer = payload?.transferInitiation

  async function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const amount = form.get('amount')
    const destinationId = form.get('destination')
    if (!source || !connector || typeof amount !== 'string' || typeof destinationId !== 'string') return
    const result = await payOut({
      order: {
        connectorId: connector,
        reference: `web-${key}`,
        type: 'PAYOUT',
        money: { amount, asset: String(form.get('asset')) },
        sourceId: source.id,
        destinationId,
        isValidated: true,
        idempotencyKey: key,
      },
    })
    // What was carried out is done with; what was not can be sent again under the same key without being paid twice.
    if (result.data?.createTransferInitiation?.transferInitiation) setKey(crypto.randomUUID())
    onSettled()
  }

  if (!source) return null
  return (
    <section aria-label="Pay out">
      <h2>Pay out</h2>
      <form onSubmit={send}>
        <label>
          From
          <select value={source.id} onChange={(event) => setSource(event.target.value)}>
            {sources.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label>
          To
          <select name="destination">
            {destinations.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label>
          Amount
          <input name="amount" inputMode="decimal" defaultValue="12.50" />
        </label>
        <label>
          Asset
          <input name="asset" defaultValue="USD/2" />
        </label>
        <button type="submit" disabled={fetching}>
          Pay out
        </button>
      </form>
      {error && <p role="alert">{error.message}</p>}
      {payload?.userErrors.map(({ code, message, field }) => (
        <p key={code + field?.join()} role="alert">
          {field?.join('.')}: {message}
        </p>
      ))}
      {transfer && <Followed key={transfer.id} id={transfer.id} status={transfer.status} />}
    </section>
  )
}

function Followed({ id, status }: { id: string; status: TransferStatus }) {
  const [{ data }] = useSubscription({ query: CHANGED, variables: { id } })
  const now = data?.transferInitiationChanged.transferInitiation?.status ?? status
  return (
    <p role="status">
      The payment is {now.toLowerCase().replaceAll('_', ' ')}
      {data ? ' (told by the provider).' : '.'}
    </p>
  )
}

function connectorOf(account?: PayOutAccountFragment) {
  return account?.__typename === 'PaymentAccount' ? account.connector?.id : undefined
}
