// A page of a Relay app: a query, a fragment that is paged through, and one that is fetched again by its node's id.

import { graphql } from 'relay-runtime'

export const query = graphql`
  query CustomerPageQuery($id: ID!) {
    customer(id: $id) {
      name
      ...CustomerPage_payments
      ...CustomerPage_totals
    }
  }
`

export const payments = graphql`
  fragment CustomerPage_payments on Customer
  @refetchable(queryName: "CustomerPagePaymentsQuery")
  @argumentDefinitions(first: { type: "Int", defaultValue: 10 }, after: { type: "String" }) {
    payments(first: $first, after: $after) @connection(key: "CustomerPage_payments") {
      edges {
        node {
          id
          status
          money {
            amount
            asset
          }
        }
      }
      problems {
        provider
        code
      }
    }
  }
`

export const totals = graphql`
  fragment CustomerPage_totals on Customer @refetchable(queryName: "CustomerPageTotalsQuery") {
    totals {
      money {
        amount
        currency
      }
      isComplete
    }
  }
`

export const account = graphql`
  fragment CustomerPage_account on Account @refetchable(queryName: "CustomerPageAccountQuery") {
    name
    balances {
      kind
      money {
        amount
      }
    }
  }
`

export const createPool = graphql`
  mutation CustomerPageCreatePoolMutation($input: CreatePoolInput!) {
    createPool(input: $input) {
      pool {
        id
        name
      }
      userErrors {
        code
        field
      }
    }
  }
`
