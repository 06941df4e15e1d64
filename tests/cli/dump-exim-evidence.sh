# One line for each item: Exim's mainlog and rejectlog.
report dump evidence "$CASES/zombie-rejected-exim"
