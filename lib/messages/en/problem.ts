/** Titles of REST's problem details, by their HTTP status. */
export const problem = {
  "title.401": "Not signed in",
  "title.403": "Not allowed",
  "title.404": "Not found",
  "title.406": "Not in this media type",
  "title.409": "In conflict with what is",
  "title.413": "Too large",
  "title.415": "Not JSON",
  "title.422": "Refused",
  "title.429": "Too many requests",
  "title.502": "AWS failed",
  "title.503": "Not available",
  "title.500": "Failed",
  "title.400": "Bad address",
  "title.405": "Not by this method",
} as const;
