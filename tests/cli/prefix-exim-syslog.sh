# The same mail as Exim 4.96 logged it to its file and to syslog, with its own stamp and without:
# split lines are put together, and a refusal that comes twice is one.
told() { report dump "$@" --host mx1 | sed '/ none /d'; }
for log in exim-stamp exim-bare; do
	mail=$FIXTURES/prefix/$log.log main=$FIXTURES/prefix/$log.mainlog
	for what in messages evidence; do
		told "$what" "$main" >wanted
		told "$what" "$mail" >got
		diff wanted got
	done
	told events "$main" >wanted
	told events "$mail" | uniq -d
	told events "$mail" | uniq >got
	diff wanted got
	cut -d ' ' -f 3-5 got | sort | uniq -c
	report -f json "$mail" | lines_of
done
