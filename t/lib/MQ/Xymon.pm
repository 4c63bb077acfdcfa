# SPDX-License-Identifier: GPL-3.0-or-later
# Xymon.pm - a real Xymon in the lab: Debian's packages with our samples
#
# xymond, the worker that writes RRD files, and the CGI programs, on loopback,
# with Debian's configuration and contrib/xymon beside it. Their clock can be
# put forward, so that hours of a graph take no time.
package MQ::Xymon;
use strict;
use warnings;

use IO::Socket::INET;
use MQ;
use MQ::Lab;

my $server_env = '/etc/xymon/xymonserver.cfg';
my $client_env = '/etc/xymon/xymonclient.cfg';
my $rrds = '/var/lib/xymon/rrd';
my $host = 'lab.example.net';

# The file that shows that the worker works.
my $ready = 'mqueue,ready.rrd';

# Installs the samples, as contrib/xymon/README says, unless samples => 0, and
# knows one host.
sub new {
	my ($class, %opt) = @_;
	my $self = bless {offset => tempdir() . '/offset'}, $class;
	# What it writes, and rrdtool's cache of fonts.
	at_end(sub { run('rm', '-rf', '/tmp/.cache', glob
	    '/run/xymon/* /var/log/xymon/*'
	    . ' /var/lib/xymon/{data,hist,histlogs,rrd,tmp}/*') });
	install("contrib/xymon/$_", "/etc/xymon/$_") for map { "$_/mqueue.cfg" }
	    $opt{samples} // 1 ? qw(clientlaunch.d xymonserver.d graphs.d) : ();
	put('/etc/xymon/hosts.cfg', "127.0.0.1 $host # noconn\n");
	_find_samples();
	$self->clock(0);
	return $self;
}

# What Debian's init scripts do before they start anything.
sub _find_samples {
	run_ok('sh', '-c', '. /etc/default/xymon-client &&'
	    . ' . /usr/share/xymon/init-common.sh && create_includefiles');
}

sub host {
	return $host;
}

# clock($seconds): the servers' clock is so much ahead.
sub clock {
	my ($self, $seconds) = @_;
	spew("$self->{offset}.new", "+$seconds\n");
	chmod 0644, "$self->{offset}.new";
	rename "$self->{offset}.new", $self->{offset} or die "rename: $!\n";
	$self->{ahead} = $seconds;
}

# What that clock says.
sub now {
	my ($self) = @_;
	return time + $self->{ahead};
}

# A command of a user, with that clock and a configuration's environment.
sub _command {
	my ($self, $user, @command) = @_;
	my ($faketime) = glob '/usr/lib/*/faketime/libfaketime.so.1';
	return ('setpriv', '--reuid', $user, '--regid', $user,
	    '--init-groups', 'env', "LD_PRELOAD=$faketime",
	    'FAKETIME_NO_CACHE=1', "FAKETIME_TIMESTAMP_FILE=$self->{offset}",
	    @command);
}

sub _xymoncmd {
	my ($self, @command) = @_;
	return $self->_command('xymon', '/usr/lib/xymon/client/bin/xymoncmd',
	    "--env=$server_env", @command);
}

# xymond, and the worker for RRD files once it works.
sub start {
	my ($self) = @_;
	server({ready => sub { listeners(1984) }}, $self->_xymoncmd('xymond',
	    '--no-daemon', '--listen=127.0.0.1', '--ghosts=log',
	    '--log=/var/log/xymon/xymond.log'));
	server({ready => sub {
		$self->raw("status $host.mqueue green x\nready : 1\n");
		return -e $self->rrd_path($ready);
	}}, $self->_xymoncmd('xymond_channel', '--channel=status',
	    '--log=/var/log/xymon/rrd-status.log', 'xymond_rrd',
	    "--rrddir=$rrds", '--no-cache'));
	return $self;
}

# The client's tasks, as xymonlaunch runs them; an object for stop_server.
# Without its main task, which leaves programs running for five minutes.
sub client {
	my ($self) = @_;
	_find_samples();
	my $config = tempdir() . '/clientlaunch.cfg';
	spew($config, slurp('/etc/xymon/clientlaunch.cfg')
	    =~ s/^\[client\]\n/$&\tDISABLED\n/mr);
	return server('setpriv', '--reuid', 'xymon', '--regid', 'xymon',
	    '--init-groups', 'env', "MACHINE=$host", "MACHINEDOTS=$host",
	    'XYMONCLIENTHOME=/usr/lib/xymon/client',
	    '/usr/lib/xymon/client/bin/xymonlaunch', '--no-daemon',
	    "--config=$config", '--log=/var/log/xymon/clientlaunch.log');
}

# bbext(ARGUMENT...): bb-ext in the environment of a client's task. The
# environment is taken first, because xymoncmd looks for variables in the
# arguments of its command.
sub bbext {
	my ($self, @arguments) = @_;
	my @user = ('setpriv', '--reuid', 'xymon', '--regid', 'xymon',
	    '--init-groups');
	$self->{client_env} //= {map { split /=/, $_, 2 } split /\0/, run_ok(
	    @user, '/usr/lib/xymon/client/bin/xymoncmd', "--env=$client_env",
	    'env', '-0')};
	return run({env => {%{$self->{client_env}}, MACHINE => $host}}, @user,
	    '/usr/bin/bb-ext', @arguments);
}

# Sends bytes, as anybody could.
sub raw {
	my ($self, $bytes) = @_;
	my $to = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
	    PeerPort => 1984) or die "connect: $@\n";
	print $to $bytes;
	shutdown $to, 1;
	my $answer = do { local $/; <$to> };
	return $answer // '';
}

# board(FIELD...): a list for each status, of columns that were sent.
sub board {
	my ($self, @fields) = @_;
	my @columns = $self->raw('xymondboard fields=hostname,testname,'
	    . join ',', @fields) =~ /^(.*)$/mg;
	return map { [split /\|/, $_, -1] }
	    grep { !/\|(?:info|trends|xymond)\|/ } @columns;
}

# What xymond has of a column: (its own fields, the message from the colour on).
sub log {
	my ($self, $column) = @_;
	my ($fields, $message) = split /\n/,
	    $self->raw("xymondlog $host.$column"), 2;
	return ([split /\|/, $fields // '', -1], $message // '');
}

# cgi($name, $query): a CGI program as a web server runs it: (head, body).
sub cgi {
	my ($self, $name, $query) = @_;
	my $r = run($self->_command('www-data', 'REQUEST_METHOD=GET',
	    "SCRIPT_NAME=/xymon-cgi/$name.sh", "QUERY_STRING=$query",
	    'HOME=/tmp', "/usr/lib/xymon/cgi-bin/$name.sh"));
	return split /\r?\n\r?\n/, $r->{out}, 2;
}

# The page of a column.
sub page {
	my ($self, $column) = @_;
	my (undef, $html) = $self->cgi('svcstatus',
	    "HOST=$host&SERVICE=$column");
	return $html // '';
}

# shown($html): what a page says, with icons as a status has them: the first
# line, the others, and the page around both, without its times.
sub shown {
	my ($self, $html) = @_;
	my ($first, $rest) = $html =~
	    m{<H3>\s*(.*?)</H3>\n<PRE>\n(.*?)\n</PRE>\n</TD></TR></TABLE>}s
	    or return ($html, '', $html);
	my $around = $html =~ s/\Q$first\E.*?\Q$rest\E//sr;
	$around =~ s/\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}//g;
	$around =~ s/graph_(?:start|end)=\d+|in \d+ hours, \d+ minutes//g;
	s{<IMG\sSRC="/xymon/gifs/static/(\w+)\.gif"\sALT="\1"\sHEIGHT="16"
	    \sWIDTH="16"\sBORDER=0>}{&$1}gx for $first, $rest;
	return ($first, $rest, $around);
}

# graph($service, $from, $to): the image that the page links to.
sub graph {
	my ($self, $service, $from, $to) = @_;
	my ($head, $png) = $self->cgi('showgraph', "host=$host&"
	    . "service=$service&graph_width=576&graph_height=120&disp=$host&"
	    . "nostale&color=green&graph_start=$from&graph_end=$to&"
	    . 'action=view');
	return ($head // '', $png // '');
}

# The RRD files, of the host, or as HOST/FILE of all others; without those of
# xymond and of start(), whose last status may be recorded only later.
sub rrd_files {
	my @files = grep { $_ ne $ready && !m{(?:^|/)xymond\.rrd$} }
	    map { s{^\Q$rrds\E/}{}r =~ s{^\Q$host\E/}{}r } glob "$rrds/*/*";
	return sort @files;
}

sub rrd_path {
	my ($self, $file) = @_;
	return "$rrds/$host/$file";
}

1;
