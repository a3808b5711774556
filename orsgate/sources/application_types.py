# SPDX-License-Identifier: Apache-2.0
"""CfgAppType: every literal that is known, in lower case and without the prefix CFG.

Source: the enumeration in public Python and PSDK clients of Configuration Server, up to 173. Later releases have more.
"""

from __future__ import annotations

_LITERALS = """
    unknown tserver statserver billingserver billingclient agentview voicetreatmentserver voicetreatmentmanager dbserver
    callconcentrator sdialer listmanager cmserver cmclient lme routerserver strategybuilder strategyloader agentdesktop
    sce ccview configurationserver thirdpartyapp thirdpartyserver strategysimulator strategyscheduler dartserver
    dartclient customserver externalrouter virtualinteractive-t virtualrp database netvector detailbiller summarybiller
    nacd backupcontrolclient infomartstatcollector infomartstatconfigurator ivrinterfaceserver iserver messageserver scs
    sci snmpagent realdbserver wfmclient wfmdataaggregator wfmwebservices wfmscheduleserver interactionroutingdesigner
    etlproxy itcutility vssserver vsssystem vssshared vssconsolecfg ccanalizerdatamart chatserver callbackserver
    cobrowsingserver istransportserver contactserver emailserver medialink webinteractionrequestsserver webstatserver
    webinteractionserver weboptionroutepoint webclient contactservermanager contentanalyzer responsemanager
    voipcontroller voipdevice automatedworkflowengine haproxy voipstreammanager voipdmxserver webapiserver loadbalancer
    applicationcluster loaddistributionserver gproxy gis agentdesktopdeliveryserver gcnclient ivrdt gcnthinserver
    classificationserver trainingserver universalcallbackserver cpdserverproxy xlinkcontroller kworkerportal wfmserver
    wfmbuilder wfmreports wfmweb knowledgemanager ivrdriver ivrlibrary lcsadapter desktopnetserver
    siebel7confsynchcomponent siebel7campsynchcomponent genericserver genericclient calldirector sipcommunicationserver
    interactionserver integrationserver wfmdaemon gvppolicymanager gvpciscoqueueadapter gvptexttospeechserver
    gvpasrlogmanager gvpbandwidthmanager gvpeventscollector gvpcacheserver gvpasrlogserver gvpasrpackageloader
    gvpipcommunicationserver gvpresourcemanager gvpsipsessionmanager gvpmediagateway gvpsoftswitch gvpcoreservice
    gvpvoicecommunicationserver gvpunifiedloginserver gvpcallstatusmonitor gvpreporter gvph323sessionmanager
    gvpasrlogmanageragent gvpgenesysqueueadapter gvpiserver gvpscpgateway gvpsrpserver gvpmrcpttsserver gvpccsserver
    gvpmrcpasrserver gvpnetworkmonitor gvpobnmanager gvpselfserviceprovisioningserver gvpmcp gvpfetchingmodule
    gvpmcplegacyinterpreter gvpccp gvpresourcemgr gvpclustermgr gvpmediaserver gvppstnconnector gvpreportingsever gvpasg
    gvpcticonnector resourceaccesspoint interactionworkspace advisors essextensibleservices customerview
    orchestrationserver reserved capturepoint rulesespserver genesysadministrator genesysadministratorserver iwdmanager
    iwdruntimenode businessrulesexecutionserver businessrulesgui vppolicyserver socialms cstaconnector vpmrcpproxy
"""
KNOWN = frozenset(_LITERALS.split())
