# The reader goes away early: quiet, by exit or by SIGPIPE.
{ small_log; more_lines 1000; } >a.log
for format in text json jsonl; do
	{ rc=0; report -f $format a.log || rc=$?; echo $rc >code; } | true || :
	case $(cat code) in
	0 | 141) echo "$format: quiet" ;;
	*) echo "$format: exit code $(cat code)" ;;
	esac
done
