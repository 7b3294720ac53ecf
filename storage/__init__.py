"""Storage: tables, repositories, one writer. Start at storage.database.Database and storage.unit_of_work.UnitOfWork."""
