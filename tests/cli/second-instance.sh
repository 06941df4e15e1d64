# A host's second instance sends on what the first one gave it by a public address: one message,
# with its account. A stranger who sends a message back and answers with its new id makes none.
report dump messages "$FIXTURES/cuts/postfix-two-instances.log"
