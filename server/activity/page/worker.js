// Keeps the sign-in page for halls without network: the page and its script, nothing else.
const cacheName = 'sign-in-1'
const files = ['/s/', '/s/sign-in.js']

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(cacheName)
      .then((cache) => cache.addAll(files))
      .then(() => self.skipWaiting()),
  )
})
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
self.addEventListener('fetch', (event) => {
  const { request } = event
  const path = new URL(request.url).pathname
  if (request.method !== 'GET' || !path.startsWith('/s/')) return
  const kept = path === '/s/sign-in.js' ? path : '/s/'
  event.respondWith(answer(request, kept))
})

/** The network's answer within four seconds, else the kept file. */
async function answer(request, kept) {
  const cache = await caches.open(cacheName)
  const network = fetch(request)
  const late = new Promise((resolve) => setTimeout(() => resolve(undefined), 4000))
  try {
    const response = await Promise.race([network, late])
    if (response && response.ok) {
      void cache.put(kept, response.clone())
      return response
    }
    return (await cache.match(kept)) || response || network
  } catch {
    return (await cache.match(kept)) || Response.error()
  }
}
