"""What commands print for people: tables and stories, apart from the commands themselves."""
