/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * text.c - numbers, times and names as people read them
 *
 * Pure, except that localtime_r(3) tells the time zone.
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <time.h>

#include "base/clean.h"
#include "base/num.h"
#include "tools/common/text.h"

const char *
tool_text_plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

void
tool_text_count(struct buf *b, double n)
{
	buf_addf(b, "%.0f", n);
}

void
tool_text_about(struct buf *b, uint64_t n)
{
	uint64_t unit = 1;

	while (n / unit >= 100)
		unit *= 10;
	buf_addf(b, "~%" PRIu64, (n + unit / 2) / unit * unit);
}

void
tool_text_share(struct buf *b, double share)
{
	double percent = round(share * 100);

	if (share > 0 && percent < 1)
		buf_adds(b, "<1%");
	else if (share < 1 && percent > 99)
		buf_adds(b, ">99%");
	else
		buf_addf(b, "%.0f%%", percent < 100 ? percent : 100);
}

void
tool_text_rate(struct buf *b, double per_minute)
{
	if (per_minute >= 9.95)
		buf_addf(b, "%.0f", per_minute);
	else if (per_minute >= 0.05)
		num_add_decimal(b, round(per_minute * 10) / 10);
	else
		buf_adds(b, "<0.1");
}

void
tool_text_size(struct buf *b, int64_t bytes)
{
	static const char unit[] = "kMGT";
	double n = (double)bytes;
	size_t i;

	if (bytes < 1000) {
		buf_addf(b, "%" PRId64, bytes);
		return;
	}
	for (i = 0, n /= 1024; n >= 999.5 && unit[i + 1] != '\0'; i++)
		n /= 1024;
	buf_addf(b, n < 9.95 ? "%.1f%c" : "%.0f%c", n, unit[i]);
}

void
tool_text_time(struct buf *b, int64_t when, int64_t now)
{
	time_t t = (time_t)when, today = (time_t)now;
	struct tm tm, tm_now;
	char text[32];

	if (localtime_r(&t, &tm) == NULL ||
	    localtime_r(&today, &tm_now) == NULL) {
		buf_addc(b, '-');
		return;
	}
	strftime(text, sizeof(text),
	    tm.tm_yday == tm_now.tm_yday && tm.tm_year == tm_now.tm_year ?
		"%H:%M" :
		"%b %e %H:%M",
	    &tm);
	buf_adds(b, text);
}

void
tool_text_age(struct buf *b, int64_t when, int64_t now)
{
	if (when == -1)
		buf_addc(b, '-');
	else
		num_add_duration(b, now - when);
}

void
tool_text_clean(struct buf *b, struct span s)
{
	clean_add(b, s.p, s.n, TOOL_TEXT_MAX);
}

void
tool_text_key(struct buf *b, const struct tally *t, const struct tally_group *g)
{
	struct buf key = BUF_INIT;

	tally_add_key(&key, t, g);
	if (key.oom)
		b->oom = true;
	else if (strcmp(buf_str(&key), "<>") == 0)
		buf_adds(b, "<>"); /* our own word for the null sender */
	else
		clean_add(b, key.data, key.len, TOOL_TEXT_MAX);
	buf_free(&key);
}

void
tool_text_selector(struct buf *b, const struct tally *t,
    const struct tally_group *g)
{
	tally_add_selector(b, t, g);
	buf_adds(b, tally_selector_class(t));
}

void
tool_text_host(struct buf *b, const struct tally_group *g)
{
	struct span host = tally_host(g);

	if (host.n == 0)
		return;
	tool_text_clean(b, host);
	if (!g->host_proven)
		buf_addc(b, '?');
}

void
tool_text_address(struct buf *b, struct span address)
{
	if (address.n == 0)
		buf_adds(b, "<>");
	else
		tool_text_clean(b, address);
}

const char *
tool_text_noun(enum key_by by, uint64_t n)
{
	static const char *const nouns[][2] = {
		[KEY_RELAY] = { "relay", "relays" },
		[KEY_NETWORK] = { "network", "networks" },
		[KEY_NAME] = { "name", "names" },
		[KEY_HELO] = { "HELO name", "HELO names" },
		[KEY_SENDER] = { "sender", "senders" },
		[KEY_SENDER_DOMAIN] = { "sender domain", "sender domains" },
		[KEY_RECIPIENT_DOMAIN] = { "recipient domain",
		    "recipient domains" },
		[KEY_STATUS] = { "status", "statuses" },
	};

	return nouns[by][n != 1];
}

void
tool_text_wrap(struct buf *b, const char *text, size_t indent, size_t width)
{
	size_t column = 0, word, blank;

	while (*text != '\0') {
		blank = strspn(text, " ");
		word = strcspn(text + blank, " ");
		if (column != 0 && column + blank + word > width) {
			buf_addf(b, "\n%*s", (int)indent, "");
			column = indent;
			text += blank;
			blank = 0;
		}
		buf_add(b, text, blank + word);
		column += blank + word;
		text += blank + word;
	}
	buf_addc(b, '\n');
}
