"""Taking part: volunteering, contests, surveys, drafts to comment on, and questions."""
