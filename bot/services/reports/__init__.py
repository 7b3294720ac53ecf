"""Reports about the deployment as a whole, one file each: `report(uow, …)` gives one JSON-able object (CONTRACT)."""
