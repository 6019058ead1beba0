# analyze shows surface, offsets, position, term and reason of every word.
printf 'وَالكِتابُ في المكتبةِ 2024 Paris' | fihrist analyze
echo ---
printf 'والكتاب' | fihrist analyze --analyzer arabic-exact
