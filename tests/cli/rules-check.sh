# The shipped rules and their examples; a good file of one's own behind them; list and show.
"$SPAMSOURCE" rules check | sed 's/[0-9][0-9]*/N/; s/[0-9][0-9]* ex/N ex/'
cat >own.yaml <<'YAML'
rules:
  - id: X001
    group: helo
    says: calls itself by our favourite word
    note: a test
    forgeable: Y
    when:
      helo: [plumbus]
    weight: {zombie: 100}
    examples:
      hit:
        - |
          Nov 20 07:12:01 mx1 postfix/smtpd[101]: NOQUEUE: reject: RCPT from unknown[192.0.2.4]: 550 5.1.1 <gone@example.org>: Recipient address rejected: User unknown in local recipient table; from=<ann@sales.example> to=<gone@example.org> proto=ESMTP helo=<PLUMBUS>
      miss:
        - |
          Nov 20 07:12:01 mx1 postfix/smtpd[101]: NOQUEUE: reject: RCPT from unknown[192.0.2.4]: 550 5.1.1 <gone@example.org>: Recipient address rejected: User unknown in local recipient table; from=<ann@sales.example> to=<gone@example.org> proto=ESMTP helo=<schleem>
YAML
"$SPAMSOURCE" rules check >shipped
"$SPAMSOURCE" rules check own.yaml >with-own
sed 's/ .*//' shipped with-own | awk '{ n[NR] = $1 } END { print n[2] - n[1] " rule more" }'
"$SPAMSOURCE" rules list | grep '^E001 '
"$SPAMSOURCE" rules list | wc -l | awk -v n="$(sed 's/ .*//' shipped)" '{ print $1 == n ? "all" : $1 }'
"$SPAMSOURCE" rules show E001 | head -n 3
refused "$SPAMSOURCE" rules show E999
mkdir mine
cp "$FIXTURES"/../rules/*.yaml own.yaml mine
"$SPAMSOURCE" rules check --rules mine >replaced
same with-own replaced
