# One line for each item: Exim's mainlog and rejectlog.
report dump messages "$CASES/zombie-rejected-exim"
