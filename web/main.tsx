import './kit/style.css'
import './kit/parts.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { ConfigProvider } from 'antd'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { session } from './access/session.ts'
import { onSignedOut } from './kit/api.ts'
import { invalidate, queryClient } from './kit/queries.ts'
import { usePhone } from './kit/screen.ts'
import { antdLocale, themeFor } from './kit/theme.ts'
import { Toasts } from './kit/toast.tsx'
import { router } from './routes.tsx'

// Who is signed in is asked while the scripts are still being read.
void queryClient.prefetchQuery(session)

// The shell leads to the sign-in page as soon as the session is gone, and back afterwards.
onSignedOut(() => invalidate(['access']))

// After an update the parts of the old page are gone from the server: read the page anew, once.
addEventListener('vite:preloadError', (event) => {
  const last = Number(sessionStorage.getItem('xiaoyan/reloaded') ?? 0)
  if (Date.now() - last < 20_000) return
  event.preventDefault()
  sessionStorage.setItem('xiaoyan/reloaded', String(Date.now()))
  location.reload()
})

const theme = { phone: themeFor(true), desk: themeFor(false) }

function App() {
  return (
    <ConfigProvider
      locale={antdLocale}
      theme={usePhone() ? theme.phone : theme.desk}
      button={{ autoInsertSpace: false }}
      wave={{ disabled: true }}
    >
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <Toasts />
      </QueryClientProvider>
    </ConfigProvider>
  )
}

const element = document.getElementById('root')
if (!element) throw new Error('index.html has no #root')
createRoot(element).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
