/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_shell.c - words of a command that people paste into a shell, as a real
 * shell reads them
 */
#include <sys/types.h>
#include <sys/wait.h>

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tree.h"
#include "unit.h"

#include "base/shell.h"

#define WORDS    2000
#define WORD_MAX 24

static void
test_add(void **state)
{
	static const struct {
		const char *word, *want;
		bool plain;
	} rows[] = {
		{ "/var/spool/mqueue.in", "/var/spool/mqueue.in", true },
		{ "in=/q", "in=/q", true },
		{ "a+b@x.example", "a+b@x.example", true },
		{ "192.0.2.0/24", "192.0.2.0/24", true },
		{ "", "''", false },
		{ "a b", "'a b'", false },
		{ "/q*", "'/q*'", false },
		{ "sender:<>", "'sender:<>'", false },
		{ "it's", "'it'\\''s'", false },
		{ "'", "''\\'''", false },
		{ "$(id)", "'$(id)'", false },
		{ "`id`", "'`id`'", false },
		{ "a\\", "'a\\'", false },
		{ "#", "'#'", false },
		{ "~root", "'~root'", false },
		{ "a;b|c&d", "'a;b|c&d'", false },
		{ "\"", "'\"'", false },
		{ "a!b", "'a!b'", false },
		{ "{a,b}", "'{a,b}'", false },
	};
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		buf_truncate(&b, 0);
		buf_adds(&b, "x ");
		assert_true(shell_adds(&b, rows[i].word));
		assert_string_equal(buf_str(&b) + 2, rows[i].want);
		assert_int_equal(shell_is_plain(rows[i].word,
				     strlen(rows[i].word)),
		    rows[i].plain);
	}
	buf_free(&b);
}

/* What can't be shown on a line is no word, and nothing stands in for it. */
static void
test_refuse(void **state)
{
	static const struct {
		const char *word;
		size_t n;
	} rows[] = {
		{ "a\nb", 3 },
		{ "\t", 1 },
		{ "\x1b[2J", 4 },
		{ "a\x7f", 2 },
		{ "/q/\xc3\xbc", 5 },
		{ "a\0b", 3 },
		{ "\0", 1 },
	};
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	buf_adds(&b, "x");
	for (i = 0; i < ROWS(rows); i++) {
		assert_false(shell_add(&b, rows[i].word, rows[i].n));
		assert_false(shell_is_plain(rows[i].word, rows[i].n));
		assert_string_equal(buf_str(&b), "x");
	}
	buf_free(&b);
}

/* The same words each time, of what is hard for a shell above all. */
static void
make_word(char word[WORD_MAX + 1], uint32_t *seed)
{
	static const char hard[] = "''\"\"\\\\$`!*?[]{}()<>|&;#~ =-%^a/";
	size_t i, n;

	*seed = *seed * UINT32_C(1664525) + UINT32_C(1013904223);
	n = *seed >> 16 & 15;
	for (i = 0; i < n; i++) {
		*seed = *seed * UINT32_C(1664525) + UINT32_C(1013904223);
		if (*seed >> 30 != 0)
			word[i] = hard[(*seed >> 16) % (sizeof(hard) - 1)];
		else
			word[i] = (char)(0x20 + (*seed >> 16) % 0x5f);
	}
	word[n] = '\0';
}

/* sh(1) prints each of them as it was. */
static void
test_real_shell(void **state)
{
	char word[WORD_MAX + 1], got[64];
	struct buf b = BUF_INIT;
	uint32_t seed = 1;
	int i, status;
	pid_t pid;
	FILE *sh;

	(void)state;
	sh = fopen("script", "w");
	assert_non_null(sh);
	fputs("exec >words\n", sh);
	for (i = 0; i < WORDS; i++) {
		make_word(word, &seed);
		buf_truncate(&b, 0);
		assert_true(shell_adds(&b, word));
		fprintf(sh, "printf '[%%s]\\n' %s\n", buf_str(&b));
	}
	assert_int_equal(fclose(sh), 0);
	buf_free(&b);

	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		execl("/bin/sh", "sh", "script", (char *)NULL);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	sh = fopen("words", "r");
	assert_non_null(sh);
	for (i = 0, seed = 1; i < WORDS; i++) {
		make_word(word, &seed);
		assert_non_null(fgets(got, sizeof(got), sh));
		assert_int_equal(strlen(got), strlen(word) + 3);
		assert_memory_equal(got + 1, word, strlen(word));
	}
	assert_int_equal(fclose(sh), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_refuse),
		TREE_TEST(test_real_shell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
