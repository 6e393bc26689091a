"""Pages: fetch and authorise in one call, hand over to a form, an action or a query, and answer."""
