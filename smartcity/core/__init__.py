"""What every package stands on: database, errors, texts, paging, time, ids."""
