# - reads JSON Lines from standard input and adds them to what is there.
printf '{"id":"a","body":"تفاح"}\n' | index -
printf '{"id":"b","body":"تفاح"}\n' | index -
ids تفاح | sort
