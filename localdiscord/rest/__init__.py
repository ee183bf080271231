"""Discord's REST API v10, a file for each route family. Handlers translate between HTTP and acts/."""
