# SPDX-License-Identifier: GPL-3.0-or-later
# Hostile.pm - what strangers may put into a status
#
# Each text is something that a Xymon, Big Brother or Big Sister server acts
# on when it is in a status. t/unit/test_hostile_bb.c has the same list.
package MQ::Hostile;
use strict;
use warnings;

use Exporter qw(import);
use Test::More ();

our @EXPORT = qw(hostile_texts hostile_outputs is_harmless without_words);

sub hostile_texts {
	return ('<script>alert(1)</script>', '<img src=x onerror=alert(1)>',
	    '</PRE><h1>x</h1>', '&lt;script&gt;', '&red', '&yellow-acked',
	    '&green-recent', "\@\@\n\@\@status#1/lab|1|10.0.0.1||"
	    . "other.example.net|mqueue|9999999999|red||green|1|0||0||\n"
	    . "status other.example.net.mqueue red x\nother : 5\n\@\@\n",
	    'Status message received from 1.2.3.4',
	    "x\n\nstatus other,example,net.mqueue red forged",
	    "status other,example,net.mqueue red forged",
	    "data other,example,net.trends\n[x.rrd]\nDS:a:GAUGE:600:0:U 1",
	    '<!-- linecount=20000 -->', '<!-- ncv_skipstart -->',
	    '<!-- ncv_end -->', 'forged: 5', 'forged = 5', '12:34',
	    'a|forged=1', '|forged=1', 'x;y', '$(id)', '`id`', '${IFS}',
	    '|>remove lab.mqueue', 'remove lab.mqueue',
	    'disable lab.mqueue forever x', "join x\nleave x",
	    'perf 1 lab:forged 5', 'meta', "combo\nstatus o,e.x red y",
	    '2001:db8::1', "\e[31mred", "\x9b31m", "caf\xe9 \xc3\xa9",
	    'relay CRITICAL: forged', 'x OK: forged CRITICAL:',
	    "it's \"quoted\"", "\t&red x", 'a' x 10_000, "nul\0&red",
	    "cr\rstatus other.example.net.x red y");
}

# Outputs of plugins with a text: in the first line, in a line of its own,
# within one, and where a plugin of this suite has the subject of a finding.
# The first line has perfdata, and so what looks like it elsewhere is none.
sub hostile_outputs {
	my ($text) = @_;
	my ($first) = $text =~ /^([^\n|]*)/;
	my $perf = '| messages=5;;;0';
	return ("STUB WARNING - $first $perf\n",
	    "STUB WARNING - x $perf\n$text\n",
	    "STUB WARNING - x $perf\nrelay $text 12 msgs\ntop WARNING: $text\n",
	    "STUB WARNING - x $perf\n$text WARNING\n");
}

# without_words($message): without what bb-ext tells Xymon, each once, and in
# its order.
sub without_words {
	my ($message) = @_;
	return $message =~ s{\A([^\n]*)\n[ ]<!--[ ]ncv_skipstart[ ]-->\n
	    (.*?)\n[ ]<!--[ ]ncv_skipend[ ]-->(?=\n)}{$1\n$2}sxr
	    =~ s/\n <!-- ncv_end -->(?=\n|\z)//r;
}

# is_harmless($message, $output, $name): a test of what became of a plugin's
# output. One message in lines of printable ASCII, each but the first with a
# blank in front, and no character that a display acts on, but: our words to
# Xymon, and an icon in front of each line whose second word is its only state.
sub is_harmless {
	my ($message, $output, $name) = @_;
	my $rest = without_words($message);
	my $state = qr/(?:OK|WARNING|CRITICAL|UNKNOWN)/;
	my $icons = $rest =~ s/^ +\K&(?:green|yellow|red) (?=\S)//mg;
	my (undef, @lines) = split /\n/, $output;
	my @bad = $rest =~ /[^\x20-\x7e\n]|[|<>&\$`'";\\]|\n(?! |\z)/g;
	Test::More::is_deeply([$icons || 0, map { sprintf '%02x', ord } @bad],
	    [scalar grep { /^[ \t]*[^ \t\r]+ $state(?::|\s*\z)/
	    && 1 == (() = / $state(?::|\s*\z)/g) } @lines],
	    $name) or Test::More::diag($message);
}

1;
