// GraphiQL on this server's own /graphql, opened on the README's query and the header that shows its vendor calls. The
// other tabs are the operations of `examples/`, with their variables.

import 'graphiql/setup-workers/vite'
import 'graphiql/style.css'
import './page.css'

import { createGraphiQLFetcher } from '@graphiql/toolkit'
import { GraphiQL } from 'graphiql'
import { createRoot } from 'react-dom/client'

import example from './example.graphql?raw'

const fetcher = createGraphiQLFetcher({ url: '/graphql' })
const documents = import.meta.glob('../../examples/*.graphql', { eager: true, import: 'default', query: '?raw' })
const values = import.meta.glob('../../examples/*.variables.json', { eager: true, import: 'default', query: '?raw' })
const headers = JSON.stringify({ 'X-Upstream-Trace': '1' }, null, 2)

const tabs = Object.entries(documents).map(([path, document]) => ({
  query: document.trimEnd(),
  variables: values[path.replace('.graphql', '.variables.json')]?.trimEnd(),
  headers,
}))

createRoot(document.getElementById('explorer')).render(
  <GraphiQL
    fetcher={fetcher}
    defaultTabs={[{ query: example.trimEnd(), headers }, ...tabs]}
    defaultHeaders={headers}
    defaultEditorToolsVisibility="headers"
    isHeadersEditorEnabled
  >
    <GraphiQL.Logo>Tributary</GraphiQL.Logo>
  </GraphiQL>,
)
