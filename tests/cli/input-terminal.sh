# Standard input is a terminal and no file is named: three examples, exit 2.
rc=0
script -q -e -c "'$SPAMSOURCE'" /dev/null </dev/null >typed || rc=$?
tr -d '\r' <typed
exit $rc
