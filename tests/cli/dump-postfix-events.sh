# One line for each item: Postfix with postscreen.
report dump events "$CASES/zombie-milter-postfix/mail.log"
