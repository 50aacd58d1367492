"""What keeps the service running in the open: health, metrics, logs, traces, headers and the page of the API."""
