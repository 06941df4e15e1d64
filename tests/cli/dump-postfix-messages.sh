# One line for each item: Postfix with postscreen.
report dump messages "$CASES/zombie-milter-postfix/mail.log"
