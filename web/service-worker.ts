/** Keeps the whole page for use without a connection: all of its files at installation, answers from them alone afterwards. */
declare const FILES: readonly string[]; // put in by the build
declare const BUILD: string; // changes with any file
const scope = self as unknown as ServiceWorkerGlobalScope;

scope.addEventListener('install', (event) => {
  event.waitUntil(caches.open(BUILD).then((cache) => cache.addAll([...FILES])));
  scope.skipWaiting();
});

scope.addEventListener('activate', (event) => {
  const old = async () => {
    for (const name of await caches.keys()) if (name !== BUILD) await caches.delete(name);
    await scope.clients.claim();
  };
  event.waitUntil(old());
});

scope.addEventListener('fetch', (event) => {
  if (event.request.method !== 'GET') return;
  event.respondWith(caches.match(event.request, { ignoreSearch: true }).then((kept) => kept ?? fetch(event.request)));
});
