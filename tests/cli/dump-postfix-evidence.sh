# One line for each item: Postfix with postscreen.
report dump evidence "$CASES/zombie-milter-postfix/mail.log"
