/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ignore.c - which groups check_relayflood does not judge
 *
 * The list owns its texts.  A group is compared with one word after the other:
 * lists are short.  A name that does not belong to its address, or that was
 * cut, matches nothing, so that no other group is ignored by mistake.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/cli.h"
#include "base/fsx.h"
#include "mail/key.h"
#include "mail/statuskey.h"
#include "plugins/check_relayflood/ignore.h"
#include "plugins/common/option.h"

#define IGNORE_FILE_MAX (1 << 20) /* bytes of an @FILE */
#define IGNORE_BLANKS   " \t\r"

static const char ignore_option[] = "--ignore";

void
relayflood_ignore_free(struct relayflood_ignore *ignore)
{
	size_t i;

	for (i = 0; i < ignore->n; i++)
		free(ignore->word[i].text);
	free(ignore->word);
	*ignore = (struct relayflood_ignore)RELAYFLOOD_IGNORE_INIT;
}

static bool
ignore_is_by_address(enum key_by by)
{
	return by == KEY_RELAY || by == KEY_NETWORK;
}

/* Can this only have been meant as an address? */
static bool
ignore_looks_like_address(const char *text)
{
	return strpbrk(text, ":/") != NULL ||
	    (strpbrk(text, "0123456789") != NULL &&
		strspn(text, "0123456789.") == strlen(text));
}

/* Makes a word of a text.  Returns why it can't be one, or NULL. */
static const char *
ignore_parse(struct relayflood_ignore_word *w, enum key_by by, const char *text)
{
	const char *why;

	*w = (struct relayflood_ignore_word){ .text = NULL };
	w->is_prefix = addr_parse_prefix(&w->prefix, text, &why) == 0;
	if (ignore_is_by_address(by)) {
		if (w->is_prefix)
			return NULL;
		if (ignore_looks_like_address(text))
			return why;
		if (by == KEY_NETWORK)
			return "with --by network, expected an address or a"
			       " prefix";
	} else if (w->is_prefix && by != KEY_HELO) {
		return "this --by has no addresses, expected a name";
	}
	w->is_prefix = false;
	if (*text == '.')
		text++;
	if (*text == '\0')
		return "expected an address, a prefix or a name";
	w->text = strdup(text);
	return w->text != NULL ? NULL : "out of memory";
}

static const char *
ignore_add_word(struct relayflood_ignore *ignore, enum key_by by,
    const char *text)
{
	struct relayflood_ignore_word *word;
	const char *reason;

	word = realloc(ignore->word, (ignore->n + 1) * sizeof(*word));
	if (word == NULL)
		return "out of memory";
	ignore->word = word;
	if ((reason = ignore_parse(&word[ignore->n], by, text)) == NULL)
		ignore->n++;
	return reason;
}

/* The line without its comment and the blanks around it. */
static char *
ignore_strip(char *line)
{
	char *s;
	size_t n;

	for (s = line; (s = strchr(s, '#')) != NULL; s++)
		if (s == line || strchr(IGNORE_BLANKS, s[-1]) != NULL) {
			*s = '\0';
			break;
		}
	line += strspn(line, IGNORE_BLANKS);
	for (n = strlen(line);
	     n != 0 && strchr(IGNORE_BLANKS, line[n - 1]) != NULL; n--)
		line[n - 1] = '\0';
	return line;
}

/* The words of a file's text, which is cut up for that. */
static int
ignore_add_lines(struct relayflood_ignore *ignore, enum key_by by,
    const char *file, char *text, struct buf *why)
{
	const char *reason;
	size_t number = 0;
	char *line, *word;

	while ((line = strsep(&text, "\n")) != NULL) {
		number++;
		word = ignore_strip(line);
		if (*word == '\0')
			continue;
		reason = ignore_add_word(ignore, by, word);
		if (reason == NULL)
			continue;
		buf_adds(why, ignore_option);
		buf_adds(why, " '");
		clean_adds(why, file, 80);
		buf_addf(why, "' line %zu, '", number);
		clean_adds(why, word, 80);
		buf_addf(why, "': %s", reason);
		return -1;
	}
	return 0;
}

static int
ignore_add_file(struct relayflood_ignore *ignore, enum key_by by,
    const char *file, struct buf *why)
{
	struct buf text = BUF_INIT;
	int rc = -1;

	if (fsx_read(AT_FDCWD, file + 1, 0, IGNORE_FILE_MAX, &text) != 0)
		cli_bad_value(why, ignore_option, file, strerror(errno));
	else if (text.len != 0 && memchr(text.data, '\0', text.len) != NULL)
		cli_bad_value(why, ignore_option, file, "not a text file");
	else
		rc = ignore_add_lines(ignore, by, file, text.data, why);
	buf_free(&text);
	return rc;
}

int
relayflood_ignore_add(struct relayflood_ignore *ignore, enum key_by by,
    const char *text, struct buf *why)
{
	const char *reason;

	if (*text == '@')
		return ignore_add_file(ignore, by, text, why);
	if ((reason = ignore_add_word(ignore, by, text)) == NULL)
		return 0;
	return cli_bad_value(why, ignore_option, text, reason);
}

/* Does a word that is no address match a group? */
static bool
ignore_text_matches(const char *word, enum key_by by,
    const struct tally_group *g)
{
	const struct span text = { word, strlen(word) };
	const struct span key = { g->bytes, g->key_len };
	char reason[STATUSKEY_MAX];

	switch (by) {
	case KEY_RELAY:
		return g->host_proven && key_is_below(tally_host(g), text);
	case KEY_NETWORK:
		return false;
	case KEY_NAME:
	case KEY_SENDER_DOMAIN:
	case KEY_RECIPIENT_DOMAIN:
		return key_is_below(key, text);
	case KEY_STATUS:
		/*
		 * A reply as it came stands for all replies that are counted
		 * with it.
		 */
		return key_is_same(key, statuskey_fold(text, reason));
	default:
		return key_is_same(key, text);
	}
}

bool
relayflood_ignore_has(const struct relayflood_ignore *ignore,
    const struct addr_prefix *address)
{
	const struct addr_prefix *p;
	size_t i;

	for (i = 0; i < ignore->n; i++) {
		p = &ignore->word[i].prefix;
		if (ignore->word[i].is_prefix && p->bits <= address->bits &&
		    addr_in(p, &address->addr))
			return true;
	}
	return false;
}

bool
relayflood_ignore_matches(const struct relayflood_ignore *ignore,
    const struct tally *t, const struct tally_group *g)
{
	struct addr_prefix address;
	size_t i;

	if (ignore_is_by_address(t->by)) {
		address = tally_prefix(t, g);
		if (relayflood_ignore_has(ignore, &address))
			return true;
	}
	for (i = 0; i < ignore->n; i++)
		if (!ignore->word[i].is_prefix &&
		    ignore_text_matches(ignore->word[i].text, t->by, g))
			return true;
	return false;
}
