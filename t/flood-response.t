#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# flood-response.t - the command line and the settings of flood-response;
# t/real/flood-response.t has what it does
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use MQ;
use Test::More;

my $dir = tempdir();
my $script = builddir() . '/contrib/flood-response/flood-response';
my %tested;

sub respond {
	$tested{$_}++ for map { /^--([a-z-]+)/ ? $1 : () } @_;
	return run({env => {TMPDIR => $dir}}, $script, @_);
}

sub refused {
	my ($re, @args) = @_;
	my $r = respond(@args);
	is($r->{code}, 2, "@args");
	like($r->{err}, qr/\Aflood-response: .*$re.*\n\z/, '... says why');
	is($r->{out}, '', '... and nothing else');
}

my $help = respond('--help');
is($help->{code}, 0, '--help exits 0');
is_deeply([grep { length > 80 && !m{^ +\(/\S+\)$} } split /\n/, $help->{out}],
    [], '... in 80 columns');
like($help->{out}, qr/^Examples:$/m, '... with examples');
my @options = $help->{out} =~ /^  (?:-\w,|   ) --([a-z-]+)/mg;
cmp_ok(scalar @options, '>=', 10, '... and all its options');
my $man = slurp(srcdir() . '/man/flood-response.8');
my %man = map { $_ => 1 } $man =~ /^\.It .*?Fl -([a-z][a-z-]+)/mg;
is_deeply([sort keys %man], [sort @options], 'the man page has the same');
like(respond('--version')->{out},
    qr/\Aflood-response \(mqueue-plugins\) \d+\.\d+\.\d+\n\z/, '--version');

refused(qr/which address/);
refused(qr/unknown option '--x'/, '--x', '192.0.2.66');
refused(qr/'' is no address/, '--yes');
refused(qr/'\$\(id\)' is no address/, '$(id)');
refused(qr/'192.0.2.66 192.0.2.67' is no/, '192.0.2.66', '192.0.2.67');
refused(qr/'bad.example' is no address/, 'bad.example');
refused(qr/unknown option '-1'/, '-1');
refused(qr/value is needed after '--max'/, '192.0.2.66', '--max');
refused(qr/no record of a response/, 'undo', "$dir/none");
refused(qr/no such file/, '192.0.2.66', '--config', "$dir/none");

# Settings: what is not understood is an error, and its line is named.
for (["scanner_stop a\nx y\n", qr/line 2: unknown setting 'x'/],
    ["scanner_wait soon\n", qr/no number/], ["rescan -1\n", qr/no number/],
    ["smtp_ports smtp\n", qr/no number/],
    ["records floods\n", qr/no absolute path/]) {
	my ($text, $re) = @$_;
	spew("$dir/conf", $text);
	refused($re, '192.0.2.66', "--config=$dir/conf");
}

# The words of a command reach it as they are, and no shell sees them.
spew("$dir/tool", "#!/bin/sh\nprintf '<%s>' \"\$@\" >>$dir/said\nexit 2\n");
chmod 0755, "$dir/tool";
spew("$dir/conf", "# a comment\n\n  scanner_status /bin/false\n",
    "qblock $dir/tool \$(id) `id` * 'a  b' ; x > y\n",
    "access_map hash:/a b\n", "records $dir/var/floods\n");
my $r = respond('192.0.2.66', '--config', "$dir/conf", '--expire', '1h',
    '--reply', 'ERROR:5.7.1:"550 a b"', '--reason', '$(id); `id`', '--yes',
    '--max', 5, '--newer', '1h', '--delete', '--end-sessions', '--max=6');
is($r->{code}, 2, 'a tool that refuses');
is(slurp("$dir/said"), join('', map { "<$_>" } '$(id)', '`id`', '*', "'a",
    "b'", ';', 'x', '>', 'y', 'add', '192.0.2.66', '--expire', '1h',
    '--reply', 'ERROR:5.7.1:"550 a b"', '--reason', '$(id); `id`', '--map',
    'hash:/a b'), '... was called with these words');
ok(!-e "$dir/y", '... nothing was redirected');
is_deeply([map { sprintf '%04o', (stat "$dir/$_")[2] & 07777 } 'var',
    'var/floods'], ['0755', '0700'], '... records are for root alone, but not'
    . ' what is above them');

# The sample has every setting, and each is one.
my $sample = slurp(srcdir() . '/contrib/flood-response/flood-response.conf');
my %sample = map { $_ => 1 } $sample =~ /^#([a-z_]+) /mg;
my $parts = slurp(srcdir() . '/contrib/flood-response/flood-response-parts.sh');
my %known = map { $_ => 1 } $parts =~ /^\t([a-z_]+)\) [a-z_]+=/mg;
is_deeply([sort keys %sample], [sort keys %known], 'the sample of settings');
spew("$dir/conf", $sample =~ s/^#(?=[a-z_]+ )//mgr);
is(respond('undo', $dir, '--config', "$dir/conf")->{err},
    "flood-response: $dir: no record of a response\n", '... can be read');

$tested{$_}++ for qw(yes help version);
is_deeply([grep { !$tested{$_} } @options], [], 'each option is tested');
is_deeply([glob "$dir/flood-response.*"], [], 'no file is left');
done_testing;
