"""Questions to the authorities (hỏi đáp): asked, moderated, answered in time, published."""
