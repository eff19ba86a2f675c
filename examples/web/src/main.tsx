import './app.css'

import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Provider } from 'urql'

import { App } from './App'
import { client } from './client'

const root = document.getElementById('app')
if (!root) throw new Error('the page has no place for the app')

createRoot(root).render(
  <StrictMode>
    <Provider value={client}>
      <App />
    </Provider>
  </StrictMode>,
)
