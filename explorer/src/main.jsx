// GraphiQL on this server's own /graphql, opened on the README's query and the header that shows its vendor calls. The
// other tabs are the operations of `examples/`, with their variables.

import 'graphiql/setup-workers/vite'
import 'graphiql/style.css'
import './page.css'
import './calls/calls.css'

import { GraphiQL, HISTORY_PLUGIN } from 'graphiql'
import { createRoot } from 'react-dom/client'

import { ask } from './asking'
import { CallsIcon, CallsPanel } from './calls/CallsPanel'
import example from './example.graphql?raw'
import { SettingsIcon, SettingsPanel } from './settings/SettingsPanel'

const documents = import.meta.glob('../../examples/*.graphql', { eager: true, import: 'default', query: '?raw' })
const values = import.meta.glob('../../examples/*.variables.json', { eager: true, import: 'default', query: '?raw' })

const tabs = Object.entries(documents).map(([path, document]) => ({
  query: document.trimEnd(),
  variables: values[path.replace('.graphql', '.variables.json')]?.trimEnd(),
}))

const calls = { title: 'Vendor calls', icon: CallsIcon, content: CallsPanel }
const settings = { title: 'Requests', icon: SettingsIcon, content: SettingsPanel }

createRoot(document.getElementById('explorer')).render(
  <GraphiQL
    fetcher={ask}
    defaultTabs={[{ query: example.trimEnd() }, ...tabs]}
    defaultEditorToolsVisibility="variables"
    isHeadersEditorEnabled
    plugins={[HISTORY_PLUGIN, calls, settings]}
    visiblePlugin={calls.title}
  >
    <GraphiQL.Logo>Tributary</GraphiQL.Logo>
  </GraphiQL>,
)
