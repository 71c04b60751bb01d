/** Lets the page work without a connection after the first visit, and says so. */
export function registerOffline(): void {
  if (!('serviceWorker' in navigator)) return;
  navigator.serviceWorker.register('service-worker.js').then(
    () => navigator.serviceWorker.ready.then(() => document.documentElement.setAttribute('data-offline', 'ready')),
    () => {}, // without one the page works as long as there is a connection
  );
}
