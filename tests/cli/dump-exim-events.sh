# One line for each item: Exim's mainlog and rejectlog.
report dump events "$CASES/zombie-rejected-exim"
