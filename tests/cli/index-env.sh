# $FIHRIST_INDEX names the index when -i does not.
printf 'عنوان\nتفاح\n' >1.txt
FIHRIST_INDEX=$INDEX fihrist index 1.txt && FIHRIST_INDEX=$INDEX fihrist search --json تفاح | wc -l
