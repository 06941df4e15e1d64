# The HTML report of the sample, byte for byte.
report -f html "$SAMPLE"
