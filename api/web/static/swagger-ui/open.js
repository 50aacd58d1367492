// Opens the API's own document; no validator of another host is asked.
const place = document.getElementById("calls");

// Who is logged in on the pages may try out changes too: those need the token of the session.
const withSession = async (request) => {
  const changes = !["GET", "HEAD"].includes((request.method || "GET").toUpperCase());
  if (changes && !request.headers.Authorization) {
    const who = await fetch(place.dataset.me, { credentials: "same-origin" });
    if (who.ok) request.headers["X-CSRF-Token"] = (await who.json()).csrf_token || "";
  }
  return request;
};

window.ui = SwaggerUIBundle({
  url: place.dataset.openapi,
  domNode: place,
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: "list",
  filter: true,
  validatorUrl: null,
  requestInterceptor: withSession,
});
