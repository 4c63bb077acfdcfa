/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * shell.c - words of a command that people paste into a shell
 *
 * Owns nothing.  A word is added whole, or not at all.  In single quotes a
 * shell takes everything as it is, except the quote itself, which is written
 * '\''.  csh takes a '!' for its history even there, so that a word with a '!'
 * does not work in csh.
 */
#include <string.h>

#include "base/shell.h"

/* Neither a shell nor a monitor changes these. */
#define SHELL_PLAIN                  \
	"abcdefghijklmnopqrstuvwxyz" \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ" \
	"0123456789@%_+=:,./-"

static bool
shell_has_only(const char *word, size_t n, const char *chars)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (word[i] == '\0' || strchr(chars, word[i]) == NULL)
			return false;
	return true;
}

bool
shell_is_plain(const char *word, size_t n)
{
	return n != 0 && shell_has_only(word, n, SHELL_PLAIN);
}

static bool
shell_is_shown(const char *word, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (word[i] < 0x20 || word[i] > 0x7e)
			return false;
	return true;
}

bool
shell_add(struct buf *b, const char *word, size_t n)
{
	size_t i;

	if (!shell_is_shown(word, n))
		return false;
	if (shell_is_plain(word, n)) {
		buf_add(b, word, n);
		return true;
	}
	buf_addc(b, '\'');
	for (i = 0; i < n; i++)
		if (word[i] == '\'')
			buf_adds(b, "'\\''");
		else
			buf_addc(b, word[i]);
	buf_addc(b, '\'');
	return true;
}

bool
shell_adds(struct buf *b, const char *word)
{
	return shell_add(b, word, strlen(word));
}

bool
shell_add_word(struct buf *b, const char *word)
{
	buf_addc(b, ' ');
	return shell_adds(b, word);
}
