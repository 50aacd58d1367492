// Opens the API's own document; no validator of another host is asked.
const place = document.getElementById("calls");
window.ui = SwaggerUIBundle({
  url: place.dataset.openapi,
  domNode: place,
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: "list",
  filter: true,
  validatorUrl: null,
  withCredentials: true,
});
