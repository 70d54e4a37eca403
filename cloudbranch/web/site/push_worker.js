// SPDX-License-Identifier: Apache-2.0
// Hears the hub while the page is closed.
self.addEventListener('push', (event) => {
  const { title, body, url, lang } = event.data.json();
  event.waitUntil(self.registration.showNotification(title, { body, lang, data: url, tag: 'visit', renotify: true, requireInteraction: true }));
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(event.notification.data));
});
