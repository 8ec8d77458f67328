"""Community digital teams (tổ công nghệ số cộng đồng): codes they hand out, who began by them."""
